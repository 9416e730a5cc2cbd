package entity

// firstNames are given names common in the United States. Source of the
// choice: the most frequent names of the 1990 census and of the Social Security
// Administration's lists since 1930, and common names of the languages that their
// bearers' families brought along. Names that are also months, states, cities,
// virtues or words of legal prose (Grant, Mark, Will, Virginia, Grace) are left
// out: a middle initial, a title or a role gives their bearers away.
const firstNames = `Aaron Abby Abdul Abigail Abraham Adam Adrian Adriana Adrienne Agnes Ahmad Ahmed Aisha Alan Alana Albert Alberta Alberto Alejandra Alejandro Alex Alexa
Alexander Alexandra Alexandria Alexis Alfonso Alfred Alfredo Ali Alice Alicia Alison Allan Allen Allison Alma Alonzo Alvin Alyssa Amalia Amanda Amber Amelia Amir Amy Ana Anastasia
Andre Andrea Andreas Andres Andrew Andy Angel Angela Angelica Angélica Angelina Angelo Angie Anita Ann Anna Anne Annette Annie Anthony Antoine Anton Antonia Antonio Arlene Armando Arnold
Arthur Arturo Ashley Audrey Ayesha Barbara Barry Beatrice Becky Belinda Ben Benito Benjamin Bernadette Bernard Bernice Bertha Beth Bethany Betty Beverly Bobby Bonnie Brad Bradford Bradley
Brandon Brandy Brenda Brendan Brent Brett Brian Brianna Bridget Brittany Brooke Bruce Bryan Bryant Byron Caitlin Calvin Cameron Candace Carl Carla Carlos Carlton Carmen Carol
Caroline Carolyn Carrie Casey Cassandra Catherine Cathy Cecil Cecilia Cedric Cesar Chad Charlene Charles Charlie Chelsea Cheryl Chester Chris Christina Christine Christopher
Christy Cindy Claire Clara Clarence Clark Claude Claudia Clayton Clifford Clifton Clyde Cody Colin Colleen Connie Constance Corey Cory Courtney Craig Crystal Curtis Cynthia Daisy Dan
Dana Daniel Daniela Danielle Danny Darlene Darrell Darren Darryl Daryl Dave David Dawn Deanna Deborah Debra Delores Denise Dennis Derek Derrick Desmond Diana Diane Diego Dmitri Dolores
Dominic Dominique Don Donald Donna Doris Dorothy Doug Douglas Duane Dustin Dwayne Dwight Earl Ebony Eddie Edgar Edith Edmond Edmund Eduardo Edward Edwin Eileen Elaine Eleanor Elena Elias
Elijah Elisa Elizabeth Ella Ellen Elliot Elliott Ellis Elmer Elsie Emanuel Emilio Emily Emma Enrique Eric Erica Erik Erika Erin Ernest Ernesto Esteban Esther Ethan Ethel Eugene Eva Evan Evelyn
Fatima Felicia Felipe Felix Fernando Florence Floyd Frances Francesca Francis Francisco Fred Freddie Frederick Gabriel Gabriela Gabrielle Gail Gary Gene Genevieve Geoffrey George Gerald
Geraldine Gerard Gerardo Gilbert Gina Giovanni Gladys Glen Glenda Glenn Gloria Gordon Greg Gregg Gregory Guadalupe Guillermo Gustavo Guy Gwendolyn Hannah Harold Harriet Harry Harvey Hassan Heather
Hector Heidi Helen Henry Herbert Herman Hilary Hillary Holly Howard Hugh Hugo Ian Ibrahim Ida Ignacio Ingrid Irene Iris Irma Isaac Isabel Isabella Isaiah Ismael Ivan Jack Jackie Jaclyn Jacob
Jacqueline Jacques Jaime Jake Jamal James Jamie Jan Jane Janet Janice Jared Jasmine Jason Javier Jay Jean Jeanette Jeanne Jeff Jeffery Jeffrey Jenna Jennifer Jenny Jeremiah Jeremy Jermaine
Jerome Jerry Jesse Jessica Jessie Jesus Jill Jim Jimmy Jo Joan Joann Joanna Joanne Jodi Jody Joe Joel Joey Johanna John Johnny Jon Jonathan Jonathon Jorge Jose José Josefina Joseph Josephine Josh Joshua Joy
Joyce Juan Juana Juanita Judah Judith Judy Julia Julian Juliana Julie Julio Julius Justin Kaitlyn Kara Karen Karina Karl Karla Kate Katelyn Katherine Kathleen Kathryn Kathy Katie Katrina Kay Kayla Keisha
Keith Kelly Kelsey Ken Kendra Kenneth Kenny Kent Kerry Kevin Kimberly Kirk Kristen Kristin Kristina Kristine Krystal Kurt Kyle Lakisha Lamar Lance Larry Latoya Laura Lauren Laurence Laurie Lawrence
Leah Leo Leon Leonard Leonardo Leroy Leslie Lester Leticia Levi Lewis Liam Lillian Lillie Linda Lindsay Lindsey Lisa Liza Lloyd Logan Lois Lonnie Lorenzo Loretta Lori Lorraine Louis Louise Lowell Lucas
Lucia Lucille Lucy Luis Luke Luther Lydia Lyle Lynn Mabel Madeline Malcolm Malik Manuel Marc Marcia Marco Marcos Marcus Margaret Margarita Maria María Mariah Marian Marianne Marie Marilyn Mario Marion
Marisol Marjorie Marlene Marlon Marsha Marshall Martha Martin Marvin Mary Mathew Matt Matthew Maureen Maurice Maxine Maxwell Megan Meghan Melanie Melinda Melissa Melody Melvin Meredith Mia Michael
Micheal Michele Michelle Miguel Mike Mildred Milton Mindy Miranda Miriam Mitchell Mohamed Mohammad Mohammed Molly Monica Monique Morris Muhammad Myra Myron Nadia Nancy Naomi Natalia Natalie Natasha
Nathan Nathaniel Neil Nelson Nicholas Nichole Nick Nicolas Nicole Nina Noah Noel Nora Norma Norman Olga Olivia Omar Oscar Otis Owen Pablo Pam Pamela Patricia Patrick Patsy Patty Paul Paula Pauline
Pedro Peggy Penny Perry Peter Phil Philip Phillip Phyllis Preston Rachel Rafael Ralph Ramon Ramona Randall Randolph Randy Raquel Raul Ray Raymond Rebecca Regina Reginald Rene Renee Rhonda
Ricardo Richard Rick Ricky Rita Robert Roberta Roberto Robin Robyn Rochelle Rodney Rodolfo Rodrigo Roger Roland Ron Ronald Ronnie Rory Rosa Rosalie Rosario Rosemary Ross Roxanne Roy Ruben Ruby Rudolf Rudolph
Rudy Russell Ruth Ryan Sabrina Sally Salvador Sam Samantha Samuel Sandra Sandy Sara Sarah Saul Scott Sean Sebastian Sergio Seth Shane Shannon Sharon Shaun Shawn Sheila Shelby Sheldon Shelia Shelley Shelly
Sheri Sherri Sherry Shirley Sidney Silvia Simon Sofia Sonia Sonya Sophia Sophie Spencer Stacey Stacy Stanley Stefan Stella Stephanie Stephen Steve Steven Stewart Stuart Sue Susan Susana Susanna Suzanne Sylvia
Tabitha Tamara Tamika Tammy Tanya Tara Tasha Ted Terence Teresa Teri Terrance Terrell Terrence Terri Terry Thelma Theodore Theresa Therese Thomas Thurgood Tiffany Tim Timothy Tina Toby Todd Tom Tomas Tommy Toni
Tonya Tony Tracey Traci Tracy Travis Trevor Tricia Tristan Troy Tyler Tyrone Valerie Vanessa Vera Vernon Veronica Vicki Vickie Vicky Victor Victoria Vince Vincent Vivian Vladimir Wallace Walter Wanda
Warren Wayne Wendy Wesley Whitney Wilbur Wilfred Willard William Willie Wilma Winston Xavier Yolanda Yvette Yvonne Zachary Zoe
Priya Anil Samir Sanjay Rajesh Ravi Arjun Deepak Vikram Sunil Amit Neha Pooja Kavita Lakshmi Suresh Ramesh Mahesh Sunita Vijay Ajay Rohan Rahul Nikhil Ashok Arun Anand Karthik Srinivas
Khadija Zainab Yusuf Youssef Khalid Tariq Bilal Hamid Hussein Mustafa Abdullah Rashid Jamila Leila Layla Samira Yasmin Zahra Chinedu Ngozi Chidi Emeka Olumide Kwame Kofi Amara Folake Tunde
Kenji Hiroshi Takashi Yuki Akira Naoko Keiko Satoshi Yoshiko Minh Thanh Huong Linh Sergei Svetlana Tatiana Igor Boris Oleg Yuri Mikhail Andrei Alexei Nikolai Katarzyna Agnieszka Piotr
Krzysztof Tomasz Andrzej Magdalena Zofia Stanislav Mateus Mateo Thiago João Joao Luiz Paulo Rafaela Beatriz Camila Catalina Esperanza Graciela Hernan Joaquin Lourdes Maribel Rigoberto Rocio
Ximena Xiomara Yesenia Giuseppe Giorgio Alessandro Luca Matteo Paolo Chiara Jürgen Klaus Heinz Wolfgang Sven Lars Björn Bjorn Anders Henrik Sigrid Astrid Freya Siobhan Aoife Niamh Declan
Eamon Seamus Padraig Darnell Deshawn Lakeisha Shanice Imani Kareem Rashad Dominick Gwen Graham Rosalind Thaddeus Cornelius Aurelio Marguerite Noelle Hana Leilani
Abena Abimbola Abiola Achille Adaeze Adaobi Adaora Adebayo Adel Adele Ademola Aditi Aditya Agneta Aidan Ailsa Aino Akash Akiko Akinyi Alasdair Albin Aleksander
Aleksandra Alena Alesia Alessandra Alfons Alina Aliyah Almaz Aloysius Alphonse Alvaro Amadou Amaka Amal Amina Aminata Amparo Anahit Ananya Anatoly Anh Anika
Anja Anneke Anneliese Annika Ansel Anselm Antje Anwar Araceli Aram Archibald Ariadne Arianna Ariel Armen Arne Arno Arvid Arvind Asad Asher Asif Asma Augusto
Aurelia Avery Aviva Ayaan Ayodele Azadeh Aziz Babajide Babatunde Balthazar Baptiste Barnaby Bartholomew Bartosz Bassam Benedetta Benedict Benedikt Berit
Bernardo Berta Bettina Bianca Birgit Blanca Bogdan Bojan Branislav Bronislaw Bronwyn Bruno Bryce Bryony Burak Caleb Callum Camilla Camille Carlo Carlotta
Carmela Carmelo Carmine Carolina Casimir Caspar Cassius Catriona Cecily Celeste Celia Celine Chandra Chantal Charlotte Chiamaka Chike Chima Chioma Chukwuemeka
Cillian Claudine Clementine Cleo Colette Constantin Consuelo Cora Cordelia Corinne Cosima Cristina Cristobal Cyril Dagmar Dagny Dahlia Damian Damien Danilo
Daphne Dario Davina Davorin Deepa Deirdre Delfina Delia Delphine Demetrius Denis Desiree Devika Dewi Dhruv Diarmuid Dieter Dietlinde Dilip Dimitri Dina Dinesh
Diogo Divya Donal Donatella Doreen Dorian Dorothea Dragan Dunja Ebba Eberhard Edda Edna Eduard Edwina Efua Egon Eirik Eitan Ekaterina Elaheh Eldon Eleni
Eleonora Elif Elina Elio Eliot Elise Eliza Elke Elodie Eloise Elsa Elspeth Elton Elvira Elvis Emil Emile Emilia Emmanuel Emmet Emre Engelbert Enid Ennio Enzo
Erasmus Ernestine Ernst Erol Esme Esmeralda Estella Estelle Etienne Etta Euan Eugenia Eugenio Eunice Evangeline Ewa Ezekiel Ezra Fabian Fabiola Fabrizio Fadi
Faisal Farah Farid Fatou Fausto Faye Federica Federico Fedor Felicity Ferdinand Fergus Fidel Filip Fiona Fionnuala Flavia Fleur Francine Franco Francois Frank
Franz François Fredrik Frieda Friedrich Fritz Fumiko Gael Gaetano Galina Ganesh Gareth Gaston Gavin Gemma Genaro Georg Georgina Georgios Gerda Gerhard Germaine
Gertrude Gian Gianna Gideon Gisela Giselle Gita Giulia Giuliana Goran Greta Gretchen Grigory Gudrun Guido Gunnar Gunther Gwyneth Habib Hadiya Haider Haile
Hakeem Hakim Halima Halina Hamza Hannes Hans Harish Harlan Haruki Haruto Hassana Haydee Hedda Hedwig Heike Heinrich Helena Helene Helga Hendrik Henri Henrietta
Henrique Herminia Hermione Hideo Hilda Hildegard Hiram Hollis Horace Horatio Hortense Hubert Huda Humberto Ibolya Idris Ifeanyi Ifeoma Iker Ilana Ilias Ilona
Ilse Imelda Imran Inga Inge Ingeborg Ioana Ioannis Iolanthe Irina Irving Irwin Isadora Isidro Isla Ismail Isolde Istvan Ivana Ivo Ivor Iwona Jabari Jacek
Jacinta Jacinto Jada Jadwiga Jagdish Jakob Jakub Jana Janek Janelle Janina Jasper Javad Jaya Jemima Jens Jeroen Jiro Joachim Joaquim Jocelyn Johan Johann
Johannes Jomo Jonas Joost Josef Josiah Josiane Jovan Jozef Juha Juliet Juliette Junko Justine Jyoti Kaito Kalpana Kamal Kamala Kamila Kamran Kaori Karim Karin
Karsten Kasia Katarina Kateryna Kathrin Katja Katya Kaveh Kazuo Keerthi Kehinde Keir Kemal Kendrick Kerstin Kesha Khalil Khanh Kiara Kieran Kimiko Kiran
Kirsten Kiyomi Kiyoshi Kjell Klara Knut Kojo Konrad Konstantin Korina Kristian Kristof Kristoffer Kumar Kunal Kwabena Kwesi Kyoko Laila Lalita Lamine Laszlo
Latisha Laurent Lavinia Lazaro Leandro Leif Lemuel Lena Lenore Leona Leonid Leonie Leonora Leopold Lesley Liesl Lilia Liliana Lina Lindiwe Linnea Linus Lionel
Livia Ljubica Lorena Lorna Lothar Lotte Louisa Lourenço Lucian Luciana Luciano Lucien Lucinda Lucio Lucrezia Ludmila Ludwig Luigi Luisa Lukas Lukasz Lupe
Lyudmila Maarten Madhuri Mads Maeve Magda Magnus Mahmoud Maia Maja Malachi Malika Malin Mamadou Manfred Manish Manju Manoj Manuela Marcel Marcela Marcelo
Marcin Marek Margareta Margaretha Margit Margot Mariam Mariana Mariano Maribeth Marietta Marija Marika Marisa Marisela Marit Marius Marko Marlena Marta Martina
Martine Masako Masoud Mathias Mathilde Matilda Matthias Maud Maurizio Maximilian Mayumi Meera Mehdi Mehmet Mehran Mercedes Meriem Mette Michaela Michal
Michalis Midori Mieko Miguelina Mikael Mikhaila Mikkel Milagros Milan Milena Milica Milos Miloš Minerva Minna Mireille Mirela Miroslav Mitsuko Moira Monika
Mordecai Moritz Moshe Mukesh Muriel Mwangi Nabil Nadezhda Nadine Nadja Naima Najib Nanette Naoki Narendra Nasir Nasrin Natasja Navin Nazanin Nedra Neema
Nehemiah Nell Nga Ngaire Ngoc Nicola Nicolette Niels Nigel Niko Nikola Nils Nira Nisha Nnamdi Noemi Noor Noriko Nuno Nuria Obadiah Obinna Octavia Octavio
Odessa Odette Odin Oksana Olaf Olav Oleksandr Olena Oliver Olivier Ollie Oluwaseun Omari Ondrej Ophelia Oralia Orville Oskar Osvaldo Oswald Othello Otto
Oyelaran Padma Paloma Pascal Pasquale Paulette Pauli Pavel Pavlos Penelope Pernille Petra Petronella Petros Phineas Phoebe Pierre Pieter Pilar Pradeep Prakash
Pranav Prasad Prentice Priscilla Priyanka Quentin Quinn Rachael Radka Rafaella Raghav Rainer Rajan Rajiv Rakesh Ramin Rania Ranjit Raphael Raquelle Rashida
Rasmus Raymundo Reiko Reinhard Remy Renata Renate Renato Reuben Reza Rhiannon Rhys Ricarda Rina Risa Roald Rohit Rolf Romain Romeo Ronan Ronke Rosalba Rosalia
Rosalinda Rosamund Roshni Rosina Roswitha Rowena Roxana Rupert Ruslan Ruta Ryo Ryoko Saba Sabine Sachiko Saeed Safiya Saida Sakura Saleem Salim Salma Salome
Salvatore Samina Samuele Sandeep Sanjana Santiago Santosh Saoirse Saskia Sebastiano Seiji Selena Selma Seraphina Serena Serge Severin Seymour Shabnam Shaheen
Shanti Sharif Sheena Shigeru Shinji Shira Shreya Sibyl Siddharth Sidonie Siegfried Sigmund Silas Silke Silvan Simone Sinead Slobodan Snezana Sofie Soledad
Solveig Sonja Soraya Soren Spyros Stanislaw Stefania Stefano Stelios Stephan Stig Sujata Sumit Sunniva Susanne Sushma Suzette Swati Sybil Sylvester Tabea
Tadashi Tadeusz Taiwo Takeshi Takumi Talia Tamar Tamas Tamiko Tanisha Tarek Tatjana Tatsuo Tendai Teodor Teodora Teodoro Tess Tessa Thandeka Thandiwe Thea
Themba Theodora Theodoros Theresia Thibault Thierry Thorsten Thuy Tiago Tibor Tilda Timofey Timur Tirza Tobias Tobin Tomoko Torsten Tova Trang Trinh Trond Tuan
Tuomas Tyra Ulla Ulrich Ulrike Umar Umberto Ursula Uwe Vadim Valentin Valentina Valeria Valerio Vasilis Vasily Veena Velma Venkat Verena Vesna Vidya Viggo
Vijaya Viktor Viktoria Vilma Vinay Vincenzo Violeta Vito Vivek Vivienne Vladislav Volker Vuk Waheed Waldemar Waleed Walid Walther Waltraud Wangari Wendell
Werner Wiebke Wiktor Wilfredo Wilhelm Wilhelmina Winifred Wojciech Xenia Yaakov Yadira Yael Yannick Yara Yaroslav Yasin Yasuko Yevgeny Yewande Yitzhak Yohannes
Yoko Yolande Yonas Yosef Yoshi Youssou Yuko Yulia Yuliya Yumi Yusra Yves Zachariah Zakaria Zdenka Zeb Zeinab Zelda Zephyrine Zeynep Zita Zlatan Zoltan Zora
Zoran Zsofia Zubair Zuleika Zuzana
Abelard Abner Achim Ainsley Alaric Alban Alden Aldous Algernon Alistair Althea Alton Amadeus Amory Anastacia Anselma Anwen Ariana Arjen Armand Arminta Aubrey Augustin Augustine
Augustus Barnabas Barney Beatrix Bettie Birgitta Blaise Bram Branwen Brigid Brigitte Caio Calliope Calista Cato Cecile Celestine Chauncey Clarissa Claus Clemens Clotilde Cressida
Crispin Cuthbert Daedalus Damaris Dashiell Delbert Delilah Delroy Demetria Denzel Dermot Dervla Desdemona Dinah Dionne Dirk Dmitry Drusilla Dugald Durga Eamonn Edmonda Edsel Efrain
Eldridge Eleazar Elfriede Elihu Ellery Eloisa Elwood Emilie Emmeline Enoch Ephraim Esau Esi Estefania Eudora Eulalia Euphemia Eustace Evander Evelina Everard Ferris Fidelia
Frederika Fyodor Gaylord Georgette Geraint Gerold Gertrud Giacomo Giancarlo Gil Gilda Giles Gisele Glenys Godfrey Grady Griselda Guinevere Gus Gustav Gwendoline Hamish Hank Hansel
Hattie Hedy Hermann Hester Hettie Hezekiah Hobart Honora Horst Hortensia Hosea Hyun Ichiro Idalia Ignatius Imogen Imogene Inez Inigo Iphigenia Isidore Isobel Isolda Jago Janette
Jarvis Jebediah Jedidiah Jessamine Joaquina Jock Joos Jorah Jorgen Josephina Jovana Judd Jude Julianne Junius Justina Kaspar Keegan Kenelm Kermit Killian Kirsty Lachlan Lana Larissa
Lavonne Leander Lennart Leocadia Leopoldo Letitia Lilith Linwood Liv Llewellyn Lolita Lottie Luanne Lucasta Lucius Lucretia Ludovic Luella Lysander Mabry Maisie Malvina Mara
Marcella Marcellus Margery Marguerita Mariela Marla Marlowe Marybeth Maryann Maude Mavis Maxim Maximo Mei Melba Melchior Melisande Melissande Mena Mervyn Micah Milly Mina Mirabel
Mohan Mortimer Myrna Myrtle Nicanor Noreen Norbert Nyasha Obed Octavian Oleta Omer Oona Oren Orla Orpha Orson Osgood Osmond Ossie Ottilie Ottoline Owain Parthenia Pascale Patrice
Percival Percy Perpetua Petronila Phebe Philippa Philomena Philippe Pia Pippa Porfirio Portia Quinlan Quintin Quinton Rafferty Ragnar Raina Randal Raoul Raylene Reinaldo Rex Rhea
Rhoda Roderick Rodger Roisin Rolando Romola Romy Rosanna Roscoe Rosetta Rosie Rosita Roslyn Rosemarie Rufina Rufus Rupinder Rutger Sadie Samson Sapphira Saverio Selwyn Septimus
Shamus Sheryl Sidra Silvester Simeon Sloane Sophronia Stan Stellan Suki Sully Susannah Tad Tadhg Tallulah Tamsin Tancred Thalia Thelonious Theo Theobald Theodosia Theron Thora Tito
Titus Tomasina Torin Trudy Tybalt Ulises Ulysses Uriah Uriel Vaclav Valentine Valentino Valora Velda Verna Veronika Vianne Vicente Vida Vilhelm Virgil Vivia Vivien Wally Walt Wilda
Wiley Wilhelmine Willa Willem Winfred Winnie Winona Woodrow Wulfric Xander Yaw Ygritte Ynez Yolonda Yusef Yvon Zachery Zahir Zane Zebulon Zenobia Zinnia Zola`
